"""The ledger as plain text for other people's accounting programs: Beancount and hledger."""
