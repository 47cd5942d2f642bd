using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vprox.Lab.Topology.Internet;

/// <summary>TCP servers. A connection that breaks ends alone.</summary>
internal static class StreamServers
{
    public static Task EchoAsync(IPEndPoint at, CancellationToken cancel) => ServeAsync(at, async socket =>
    {
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, cancel) is var size and > 0)
            for (var sent = 0; sent < size;)
                sent += await socket.SendAsync(buffer.AsMemory(sent, size - sent), cancel);
    }, cancel);

    public static Task PushAsync(IPEndPoint at, CancellationToken cancel) => ServeAsync(at, async socket =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var line = 1L; await timer.WaitForNextTickAsync(cancel); line++)
            await socket.SendAsync(Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"), cancel);
    }, cancel);

    private static async Task ServeAsync(IPEndPoint at, Func<Socket, Task> serve, CancellationToken cancel)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(at);
        listener.Listen(512);
        while (!cancel.IsCancellationRequested)
            _ = OneAsync(await listener.AcceptAsync(cancel), serve);
    }

    private static async Task OneAsync(Socket socket, Func<Socket, Task> serve)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await serve(socket);
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // The other side is gone; tests make that happen on purpose.
            }
        }
    }
}
