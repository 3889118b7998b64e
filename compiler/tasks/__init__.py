"""Many independent runs: on local cores or a Dask cluster, each result on disk once, none lost with a worker."""
