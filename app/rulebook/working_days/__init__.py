"""The officer's page of the working-day calendar: holidays, days worked in exchange, and a deadline worked out."""
