"""The result of a tender: recorded once by the first approver, approved or refused by those who come after."""
