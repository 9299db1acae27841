"""What a plan asks of people: offers of held seats, with one message for all of a person's and an answer by one tap."""
