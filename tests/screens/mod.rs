//! What a person sees: colours where they are wanted, and nowhere else.

mod colours;
