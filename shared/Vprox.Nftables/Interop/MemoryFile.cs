using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vprox.Nftables.Interop;

/// <summary>
/// Commands as a file in memory (memfd_create(2)), never on a disk. libnftables tells the line at fault only of files: of a buffer it quotes
/// the first line whatever is wrong (erec_print, src/erec.c).
/// </summary>
internal sealed partial class MemoryFile : IDisposable
{
    private const uint MFD_CLOEXEC = 1;

    private readonly SafeFileHandle _handle;

    public MemoryFile(string text)
    {
        _handle = Create("nft", MFD_CLOEXEC);
        if (_handle.IsInvalid)
            throw new IOException($"memfd_create: {Marshal.GetLastPInvokeErrorMessage()}");
        RandomAccess.Write(_handle, Encoding.UTF8.GetBytes(text), fileOffset: 0);
        Path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_handle.DangerousGetHandle()}");
    }

    /// <summary>Opens the file from its start, in this process only.</summary>
    public string Path { get; }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Create(string name, uint flags);
}
