namespace Vprox.Identity;

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a new file with mode 0600 and waits until the disk has it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads a file that must be its owner's alone.</summary>
    /// <exception cref="InvalidOperationException">Group or others may use it.</exception>
    public static byte[] Read(string path)
    {
        var mode = File.GetUnixFileMode(path);
        return (mode & ~Owner) == 0
            ? File.ReadAllBytes(path)
            : throw new InvalidOperationException($"{path} can be used by others than its owner ({Convert.ToString((int)mode, 8)}): chmod 600 {path}");
    }
}
