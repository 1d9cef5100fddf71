/// The version of this program.
enum HoldfastVersion {
    /// As `--version` and `status` show it.
    static let text = "0.1.0"
}
