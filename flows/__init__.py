"""The flows that run Dateline, and its command line. Nothing is re-exported: Prefect loads flow files by path."""
