"""What is near: the place where somebody stands or that they name, its stations, what comes there, the city's map."""
