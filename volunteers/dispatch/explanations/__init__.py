"""Plans explained in plain words: to a volunteer, to a station, to who answers for the rules; and how fair they are."""
