"""How often people say yes to what a plan offers them, by kind; with few answers, hardly anything follows."""
