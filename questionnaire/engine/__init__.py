"""The engine: reads a standard from its folder, proves it sound, routes and derives. Plain Python, no Django."""
