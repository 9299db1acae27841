"""Who is not paid until somebody looked: public officials, and two people who share one account."""
