using System.Runtime.InteropServices;

namespace Vprox.Nftables.Interop;

/// <summary>The functions of libnftables(3) that are used here, under their C names.</summary>
internal static partial class LibNftables
{
    /// <summary>The ABI name; Debian's package libnftables1 holds it.</summary>
    private const string Library = "libnftables.so.1";

    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    internal static partial ContextHandle New(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    internal static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    internal static partial int BufferOutput(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    internal static partial int BufferError(ContextHandle context);

    /// <summary>The text is the library's own and lives until the next command.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_get_output_buffer")]
    internal static partial nint GetOutput(ContextHandle context);

    /// <summary>The text is the library's own and lives until the next command.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    internal static partial nint GetError(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_output_set_flags")]
    internal static partial void SetOutputFlags(ContextHandle context, OutputFlags flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_set_dry_run")]
    internal static partial void SetDryRun(ContextHandle context, [MarshalAs(UnmanagedType.I1)] bool dryRun);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_filename", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RunFile(ContextHandle context, string path);
}
