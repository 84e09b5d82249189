"""Every number of the cockpit worked out a second time, by the standard library alone.

Written from the domain specification (sections 6, 10.1 and 10.2) and the definitions that metrics print, without the
cockpit's own code. Records are plain dictionaries with the fields of the contracts; instants and lengths are UTC seconds.
"""
