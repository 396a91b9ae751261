"""Steps of the tasks, each in a file of its own."""
