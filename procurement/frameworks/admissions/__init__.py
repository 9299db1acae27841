"""Who is admitted to a framework, decided by somebody who has no tie with them."""
