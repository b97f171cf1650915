"""What the lessons of "Deep learning from scratch with NumPy" import."""
