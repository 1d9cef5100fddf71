internal import LabPlatform

/// What people read.
enum Terminal {
    static func say(_ text: String) {
        Descriptor(duplicating: 1).write(text: text + "\n")
    }

    static func complain(_ text: String) {
        Descriptor(duplicating: 2).write(text: text + "\n")
    }
}
