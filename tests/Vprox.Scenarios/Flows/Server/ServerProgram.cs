using System.Net;
using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Server;

/// <summary>`Vprox.Scenarios flow-server ADDRESS`: the servers' end of all flows, on the internet.</summary>
internal static class ServerProgram
{
    public static Task<int> RunAsync(string address, CancellationToken cancel)
    {
        using var loop = new EventLoop();
        foreach (var port in FlowPorts.Of(FlowKind.Echo))
            Listen(loop, new IPEndPoint(IPAddress.Parse(address), port), socket => new EchoConnection(socket, loop));
        foreach (var port in FlowPorts.Of(FlowKind.Push))
            Listen(loop, new IPEndPoint(IPAddress.Parse(address), port), socket => new PushConnection(socket, loop));
        foreach (var port in FlowPorts.Of(FlowKind.Udp))
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            _ = new DatagramPort(socket, loop);
        }
        Console.Out.WriteLine($"Flows end on {address}");
        loop.Run(cancel);
        return Task.FromResult(0);
    }

    private static void Listen(EventLoop loop, IPEndPoint at, Func<Socket, Connection> accept)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(at);
        listener.Listen(512);
        loop.Watch(listener, () =>
        {
            try
            {
                accept(listener.Accept()).Begin();
            }
            catch (SocketException)
            {
                // It was gone again before it was accepted.
            }
        });
    }
}
