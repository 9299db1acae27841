"""Claims as those see them who are paid: a person and their organization."""
