"""Why a listing is suspended, and what a provider's suspension does to its listings."""
