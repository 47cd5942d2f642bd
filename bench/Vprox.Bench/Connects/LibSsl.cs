using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vprox.Bench.Connects;

/// <summary>The functions of libssl(7) that a client needs, under their C names. It is the library that .NET uses itself.</summary>
internal static unsafe partial class LibSsl
{
    /// <summary>SSL_ERROR_WANT_READ.</summary>
    public const int WantRead = 2;

    /// <summary>SSL_ERROR_WANT_WRITE.</summary>
    public const int WantWrite = 3;

    private const string Library = "libssl.so.3";

    /// <summary>A context for clients. It verifies nothing (SSL_VERIFY_NONE, a client's default), as the known system does not: what is asked for is the server's speed.</summary>
    public static Context NewContext() => NewContext(ClientMethod());

    [LibraryImport(Library, EntryPoint = "SSL_new")]
    public static partial Session New(Context context);

    [LibraryImport(Library, EntryPoint = "SSL_set_fd")]
    public static partial int SetSocket(Session session, int descriptor);

    [LibraryImport(Library, EntryPoint = "SSL_connect")]
    public static partial int Connect(Session session);

    [LibraryImport(Library, EntryPoint = "SSL_write")]
    public static partial int Write(Session session, byte* data, int length);

    [LibraryImport(Library, EntryPoint = "SSL_read")]
    public static partial int Read(Session session, byte* data, int length);

    [LibraryImport(Library, EntryPoint = "SSL_get_error")]
    public static partial int GetError(Session session, int result);

    /// <summary>To be called before whatever <see cref="GetError"/> is asked about: it looks at the thread's queue of errors too.</summary>
    [LibraryImport("libcrypto.so.3", EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "TLS_client_method")]
    private static partial nint ClientMethod();

    [LibraryImport(Library, EntryPoint = "SSL_CTX_new")]
    private static partial Context NewContext(nint method);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_free")]
    private static partial void FreeSession(nint session);

    /// <summary>SSL_CTX.</summary>
    internal sealed class Context() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            FreeContext(handle);
            return true;
        }
    }

    /// <summary>SSL: one connection.</summary>
    internal sealed class Session() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            FreeSession(handle);
            return true;
        }
    }
}
