"""What one sees: pure functions, values in, components out. It knows no database."""
