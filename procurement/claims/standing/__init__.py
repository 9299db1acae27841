"""Why a claim waits, said by the same words to its payee, to the approver and to finance, and when it is paid next."""
