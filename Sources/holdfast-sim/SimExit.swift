import Glibc

/// How a command ends when not all held.
enum SimExit: Error {
    /// A promise or an expectation did not hold; all about it was said.
    case broken
    /// The arguments or a file make no sense; the sentence says what is wrong.
    case usage(String)

    /// The table for help texts.
    static let help = """
        EXIT STATUS:
          0  all held
          1  a promise or an expectation did not hold
          2  wrong arguments, or a file that cannot be read, understood or written
        """

    /// Says the sentence on standard error and ends the program.
    func leave() -> Never {
        fflush(nil)
        switch self {
        case .broken: exit(1)
        case .usage(let message):
            // From here on standard output is standard error, and `print` needs no unsafe handle to reach it.
            dup2(STDERR_FILENO, STDOUT_FILENO)
            print(message)
            fflush(nil)
            exit(2)
        }
    }
}
