"""Put together what a host needs to run the service: code, locked packages, one release.

In: the folder of results, with a release in service. Out: a folder, or a tarball of it, whose
bytes follow from its content. A release is made and not committed, so a host that is given the
repository alone has nothing to serve; and of the repository the service needs a tenth.
"""

import gzip
import io
import shutil
import tarfile
from pathlib import Path

from census.errors import InputError
from census.files import faults_named, point_link
from census.release_reader import CURRENT, RELEASES, open_release

_MODULE = Path(__file__).parents[2]
_DEPLOY_FILES = ("Procfile", "app.json", ".python-version")


def make_bundle(out: Path, folder: Path, module: Path = _MODULE) -> str:
    """Fill a folder afresh and return the version of the release in it.

    Parameters
    ----------
    out : Path
        Where ``releases`` is.
    folder : Path
        It and all in it is replaced; it must be a bundle, empty, or absent.
    module : Path
        The module's folder, with ``deploy``, ``src`` and the lock of the service.

    Returns
    -------
    str

    Raises
    ------
    ModelFileError
        No release is in service, or it is damaged.
    InputError
        The folder holds something else, or the module is not there as source.
    """
    release = open_release(out)
    release.check()
    if folder.exists() and any(folder.iterdir()) and not (folder / "Procfile").is_file():
        raise InputError(f"{folder} holds something that is no bundle; give another folder")
    with faults_named(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in _DEPLOY_FILES:
            shutil.copyfile(module / "deploy" / name, folder / name)
        shutil.copyfile(module / "requirements-serve.lock", folder / "requirements.txt")
        shutil.copytree(module / "src" / "census", folder / "census",
                        ignore=shutil.ignore_patterns("__pycache__", "training"))
        shutil.copytree(release.folder, folder / RELEASES / release.version)
        point_link(folder / RELEASES / CURRENT, release.version)
    return release.version


def pack(folder: Path) -> bytes:
    """Return a gzipped tarball of a folder; equal folders give equal bytes.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bytes
    """
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed, tarfile.open(
            fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            tar.add(path, str(path.relative_to(folder)), recursive=False, filter=_plain)
    return content.getvalue()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime, member.mode = 0, 0o755 if member.isdir() else 0o644
    return member
