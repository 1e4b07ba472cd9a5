"""Letters from draft to dispatch, and the text blocks they are made of."""
