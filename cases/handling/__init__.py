"""Who works on a case: taken, handed to a unit, escalated, talked about, judged, praised."""
