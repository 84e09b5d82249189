"""How towns and enterprises are judged: shrinkage, funnels, scores, indices. Pure functions of numbers; nothing here reads."""
