"""The services that ours is measured beside, each as small as its kind is usually written.

In: a kind, a port, a folder. Out: a server that runs until it is stopped.
``limit`` is FastAPI with the same validation and a constant answer, ``ours_constant`` our whole
service with a constant in the place of the scorer, ``frame`` a handler that puts the same model
behind a frame of one row.
"""

import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

ANSWER = {"label": ">50K", "probability": 0.794507389, "threshold": 0.4,
          "model_version": "20240506T120007Z-00000000", "request_id": "0123456789ab-0"}


def limit_app() -> FastAPI:
    """Return an application that validates one person, or a list, and answers a constant."""
    # pylint: disable=import-outside-toplevel  # each kind loads what it needs, and no more
    from census.serving.payloads import Person

    app = FastAPI()

    async def one(person: Any) -> dict[str, Any]:
        return ANSWER if person else {}

    async def many(people: Any) -> dict[str, Any]:
        row = {"label": ">50K", "probability": 0.794507389}
        return {"predictions": [row] * len(people)}

    one.__annotations__["person"] = Person
    many.__annotations__["people"] = list[Person]
    app.post("/v1/predictions")(one)
    app.post("/list")(many)
    return app


def frame_app(folder: Path) -> FastAPI:
    """Return an application that makes a frame of each person for scikit-learn."""
    # pylint: disable=import-outside-toplevel  # as above
    import pandas as pd

    from census.canonical import model_from_bytes
    from census.serving.payloads import Person

    model = model_from_bytes((folder / "frame_model.skops").read_bytes())
    app = FastAPI()

    async def one(person: Any) -> dict[str, Any]:
        row = pd.DataFrame([person.model_dump(by_alias=True)])
        return {**ANSWER, "probability": float(model.predict_proba(row)[0, 1])}

    one.__annotations__["person"] = Person
    app.post("/v1/predictions")(one)
    return app


def main() -> None:
    """Serve the kind that the command line names."""
    kind, port, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if kind == "ours_constant":
        # pylint: disable=import-outside-toplevel  # as above
        from census.serving.options import build_options
        from census.serving.scorer import Scorer
        from census.serving.server import run
        Scorer.probability = lambda self, row: 0.794507389  # type: ignore[method-assign]
        run(build_options({"folder": folder, "port": port,
                           "access_log": folder / "constant.jsonl"}))
        return
    app = limit_app() if kind == "limit" else frame_app(folder)
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning",
                access_log=False)


if __name__ == "__main__":
    main()
