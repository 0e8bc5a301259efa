"""Set up the git repositories of a task: a bare remote, and your clone of it.

In: the name of a task and a folder. Out: ``remote.git`` and ``you`` in that folder.
`make learn` calls it; alone: ``python scenes.py conflict work/conflict``.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import stories

YOU, BEN = "You", "Ben"


class Scene:
    """A bare remote and clones of it, with commits at fixed times."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hours = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "--bare", "-b", "main", "remote.git", where=".")
        self.clone("you", YOU)

    def git(self, *arguments: str, where: str = "you", who: str = YOU) -> None:
        """Run git in one of the repositories."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        stamp = f"2026-03-{2 + self._hours // 8:02d}T{9 + self._hours % 8:02d}:00:00+0000"
        names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
                 for key, value in (("NAME", who), ("EMAIL", f"{who.lower()}@example.com"),
                                    ("DATE", stamp))}
        subprocess.run(["git", *arguments], cwd=self.folder / where, check=True,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                       env=kept | names | {"GIT_CONFIG_GLOBAL": os.devnull,
                                           "GIT_CONFIG_NOSYSTEM": "1"})

    def clone(self, name: str, who: str) -> None:
        """Clone the remote; the address is relative, so the folder may move."""
        self.git("clone", "-q", "remote.git", name, where=".")
        for key, value in (("user.name", who), ("user.email", f"{who.lower()}@example.com"),
                           ("commit.gpgsign", "false"), ("core.hooksPath", ".git/hooks"),
                           ("push.default", "simple"), ("remote.origin.url", "../remote.git"),
                           ("advice.detachedHead", "false"), ("core.autocrlf", "false")):
            self.git("config", key, value, where=name)

    def commit(self, message: str, files: Mapping[str, str], *, where: str = "you",
               who: str = YOU) -> None:
        """Commit these files."""
        for name, text in files.items():
            path = self.folder / where / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "--", *files, where=where)
        self._hours += 1
        self.git("commit", "-q", "-m", message, where=where, who=who)

    def push_main(self, where: str = "you") -> None:
        """Push main."""
        self.git("push", "-q", "-u", "origin", "main", where=where)


def bisect(scene: Scene) -> None:
    """A history of 26 commits in which one, long ago, broke something."""
    for message, files in stories.bisect_history():
        scene.commit(message, files)
        if message.startswith("Release 1.0"):
            scene.git("tag", "v1.0")
    scene.git("tag", "v1.1")
    scene.push_main()
    scene.git("push", "-q", "origin", "--tags")


def conflict(scene: Scene) -> None:
    """You and Ben changed the same lines; Ben was first to push."""
    scene.commit("Offer from a probability of one half on", stories.OFFER_BASE)
    scene.push_main()
    scene.clone("ben", BEN)
    scene.commit("Offer only with consent, from 0.6 on", stories.OFFER_BEN, where="ben", who=BEN)
    scene.commit("Say who decides", stories.OFFER_BEN_NOTES, where="ben", who=BEN)
    scene.push_main("ben")
    scene.commit("Offer earlier to inactive customers", stories.OFFER_YOU)


def branch(scene: Scene) -> None:
    """Half a feature was committed to main; meanwhile Ben pushed a hotfix."""
    scene.commit("Mean amount of a transaction", stories.SPEND_BASE)
    scene.git("tag", "start")
    scene.push_main()
    scene.git("push", "-q", "origin", "--tags")
    scene.clone("ben", BEN)
    scene.commit("Answer 0 where there is no transaction", stories.SPEND_BEN, where="ben",
                 who=BEN)
    scene.push_main("ben")
    scene.commit("wip segments", stories.SPEND_WIP)


def pull_request(scene: Scene) -> None:
    """A branch with everything in one commit."""
    scene.commit("Begin the drift report", stories.DRIFT_BASE)
    scene.push_main()
    scene.git("switch", "-q", "-c", "drift-report")
    scene.commit("stuff", stories.DRIFT_STUFF)
    scene.git("tag", "before")


SCENES: dict[str, Callable[[Scene], None]] = {
    "bisect": bisect, "conflict": conflict, "branch": branch, "pull_request": pull_request}


def main(argv: list[str]) -> int:
    """Set up the scene that is asked for."""
    if len(argv) != 2 or argv[0] not in SCENES:
        print(f"usage: scenes.py {{{','.join(SCENES)}}} FOLDER", file=sys.stderr)
        return 2
    folder = Path(argv[1])
    if (folder / "remote.git").exists():
        print(f"{folder}: there is a remote.git already", file=sys.stderr)
        return 2
    try:
        SCENES[argv[0]](Scene(folder))
    except FileNotFoundError:
        print("git is not installed", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as err:
        print(f"git {' '.join(err.cmd[1:3])} failed", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
