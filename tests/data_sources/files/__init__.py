"""The source of CSV and Parquet files: what it reads, and what it refuses by name."""
