"""The rules' tests; ``figures`` gives them numbers, facts and strategies."""
