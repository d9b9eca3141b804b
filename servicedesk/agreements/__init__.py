"""What the servicedesk promises: calendars, service agreements, internal agreements and supplier contracts.

Rows on one side, `sla` values on the other: a `Book` holds everything agreed with one customer, ready to reckon with.
Agreements are versioned by date and a version is never changed once it holds, nor is a day that has passed in a
calendar; so what was reckoned stays as it was.
"""
