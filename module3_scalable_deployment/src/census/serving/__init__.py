"""From a release folder to answers over HTTP; it knows nothing of training."""
