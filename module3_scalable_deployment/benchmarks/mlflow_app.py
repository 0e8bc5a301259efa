"""The same model behind MLflow's scoring server, as ``mlflow models serve`` starts it.

In: a port, and the folder with ``frame_model.skops``. Out: a server that runs until it is stopped.
"""

import os
import sys
from pathlib import Path

import uvicorn


def main() -> None:
    """Save the model as MLflow does, and serve it by MLflow's own application."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1"}
    # pylint: disable=import-outside-toplevel  # MLflow looks at the environment when it loads
    from mlflow import sklearn

    from census.canonical import TRUSTED_TYPES, model_from_bytes

    place = folder / "mlflow_model"
    if not place.exists():
        sklearn.save_model(model_from_bytes((folder / "frame_model.skops").read_bytes()), place,
                           serialization_format="skops", skops_trusted_types=list(TRUSTED_TYPES),
                           pip_requirements=["scikit-learn", "skops"],
                           pyfunc_predict_fn="predict_proba")
    # What `mlflow models serve` hands to the server that it starts.
    os.environ["__pyfunc_model_path__"] = str(place)
    uvicorn.run("mlflow.pyfunc.scoring_server.app:app", port=port, log_level="warning",
                access_log=False)


if __name__ == "__main__":
    main()
