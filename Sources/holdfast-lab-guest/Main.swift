/// To be written.
@main
struct Main {
    static func main() {}
}
