"""Google Cloud: native SLOs as its API returns them."""
