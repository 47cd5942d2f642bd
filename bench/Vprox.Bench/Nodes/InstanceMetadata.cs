using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.Bench.Nodes;

/// <summary>
/// IMDSv2 that always shows the same instance. It has threads of its own: an instance's metadata do not wait for the crowd of clients that this process also
/// is, and a node that had to wait for them would rightly serve nothing.
/// </summary>
public sealed class InstanceMetadata : IAsyncDisposable
{
    public const string Address = "169.254.169.254";
    private readonly Socket _socket;
    private readonly Dictionary<string, string> _leaves;

    private InstanceMetadata(Socket socket, Dictionary<string, string> leaves) => (_socket, _leaves) = (socket, leaves);

    /// <summary>Answers inside a namespace.</summary>
    public static Task<InstanceMetadata> StartAsync(NetworkNamespace place, IReadOnlyList<NetworkInterfaceMetadata> enis, CancellationToken cancel)
    {
        NodeHost.Ip(place, $"address add {Address}/32 dev lo");
        var socket = place.Run(() =>
        {
            var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listening.Bind(new IPEndPoint(IPAddress.Parse(Address), 80));
            listening.Listen();
            return listening;
        });
        var metadata = new InstanceMetadata(socket, Leaves(enis));
        OnThread(metadata.Accept);
        return Task.FromResult(metadata);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void OnThread(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _socket.Accept();
                OnThread(() => Answer(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Answer(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (reader.ReadLine() is { } request)
            {
                while (reader.ReadLine() is { Length: > 0 })
                {
                }
                stream.Write(Encoding.ASCII.GetBytes(Answer(request.Split(' ')[1])));
            }
        }
        catch (IOException)
        {
            // The agent has ended.
        }
    }

    private string Answer(string path)
    {
        const string data = "/latest/meta-data/";
        var text = path == "/latest/api/token" ? "token" : path.StartsWith(data, StringComparison.Ordinal) ? _leaves.GetValueOrDefault(path[data.Length..].Trim('/')) : null;
        return $"HTTP/1.1 {(text is null ? "404 Not Found" : "200 OK")}\r\nContent-Length: {text?.Length ?? 0}\r\n\r\n{text}";
    }

    private static Dictionary<string, string> Leaves(IReadOnlyList<NetworkInterfaceMetadata> enis)
    {
        const string macs = "network/interfaces/macs";
        var leaves = new Dictionary<string, string>
        {
            ["instance-id"] = NodeInput.NodeId,
            ["placement/region"] = "us-east-1",
            [macs] = string.Join('\n', enis.Select(eni => $"{eni.MacAddress}/")),
        };
        foreach (var eni in enis)
        {
            var mac = $"{macs}/{eni.MacAddress}";
            leaves[$"{mac}/interface-id"] = eni.NetworkInterfaceId;
            leaves[$"{mac}/subnet-id"] = eni.SubnetId;
            leaves[$"{mac}/subnet-ipv4-cidr-block"] = eni.Subnet.ToString();
            leaves[$"{mac}/device-number"] = $"{eni.DeviceNumber}";
            leaves[$"{mac}/local-ipv4s"] = string.Join('\n', eni.SecondaryAddresses.Prepend(eni.PrimaryAddress));
            leaves[$"{mac}/public-ipv4s"] = string.Join('\n', eni.PublicAddresses.Values);
            foreach (var (privateAddress, publicAddress) in eni.PublicAddresses)
                leaves[$"{mac}/ipv4-associations/{publicAddress}"] = $"{privateAddress}";
        }
        return leaves;
    }
}
