using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Vprox.WireGuard.Userspace;

/// <summary>
/// The network namespace of the thread that made this. A child process begins in the namespace of the thread that starts it, and a task
/// may go on on any thread, so a daemon must be started from a thread that is known to be at home (setns(2), network_namespaces(7)).
/// </summary>
internal sealed class HomeNamespace : IDisposable
{
    private const string OfThread = "/proc/thread-self/ns/net";

    private readonly SafeFileHandle _namespace = File.OpenHandle(OfThread, share: FileShare.ReadWrite | FileShare.Delete);
    private readonly string _identity = Identity();

    /// <summary>Runs something on a thread of this namespace.</summary>
    /// <exception cref="WireGuardException">The namespace cannot be entered.</exception>
    public T Run<T>(Func<T> action)
    {
        var result = default(T);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = action();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <inheritdoc/>
    public void Dispose() => _namespace.Dispose();

    /// <summary>Nothing where the thread is at home already, as in every agent: setns needs CAP_SYS_ADMIN even then.</summary>
    private void Enter()
    {
        if (Identity() == _identity)
            return;
        if (LibC.setns(_namespace.DangerousGetHandle().ToInt32(), LibC.CLONE_NEWNET) != 0)
            throw new WireGuardException($"the network namespace {_identity} cannot be entered: {Marshal.GetPInvokeErrorMessage(LibC.errno)}");
    }

    /// <summary>"net:[4026531840]".</summary>
    private static string Identity() => File.ResolveLinkTarget(OfThread, returnFinalTarget: false)?.Name ?? "";
}
