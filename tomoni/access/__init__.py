"""Who is there: identities from a provider or a proxy, verified, and what they carry from the guard to the pages."""
