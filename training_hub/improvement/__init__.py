"""What is made of evaluations. A *review* records findings about a course; an *action* is what follows, with an
owner and a day; "you said, we did" is an action done, as an invitation quotes it."""
