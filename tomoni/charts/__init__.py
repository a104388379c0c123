"""Data in, Plotly figures out; one theme for screen, file and print."""
