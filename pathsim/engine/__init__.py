"""What runs a pathway: the engines, which know no therapy."""
