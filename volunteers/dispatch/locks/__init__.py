"""What the next plan of a week keeps: all seats of a person, or everybody on a shift, as somebody saw them."""
