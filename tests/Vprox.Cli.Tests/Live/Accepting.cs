using System.Net.Sockets;

namespace Vprox.Cli.Tests.Live;

/// <summary>The loop of a test's small servers.</summary>
internal static class Accepting
{
    /// <summary>Gives each client that comes to someone who answers it; ends with the listener.</summary>
    public static async Task EachAsync(TcpListener listener, Func<TcpClient, Task> answer)
    {
        try
        {
            while (true)
                _ = answer(await listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
