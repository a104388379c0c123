"""CSV and Parquet files in a folder."""
