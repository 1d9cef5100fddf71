internal import CLab

/// A device command as a program of a host gives it, for the tests of the lab's devices.
public enum DeviceControl {
    /// Gives a command with one int; the int afterwards, or the error number.
    public static func call(_ device: Descriptor, _ command: UInt, value: Int32) -> Result<
        Int32, DeviceRefusal
    > {
        var number = value
        // SAFETY: the commands used carry exactly one int, which lives during the call.
        let outcome = unsafe clab_ioctl_int(device.number, command, &number)
        return outcome >= 0 ? .success(number) : .failure(DeviceRefusal(errorNumber: -outcome))
    }
}

/// The error number of a device command that failed.
public struct DeviceRefusal: Error, Equatable, Sendable {
    /// As in errno.
    public var errorNumber: Int32
}
