"""What is likely to go wrong with a set of categories, told before they are used."""
