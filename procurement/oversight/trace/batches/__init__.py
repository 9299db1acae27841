"""Where claims become money: a batch, line by line of the bank's file."""
