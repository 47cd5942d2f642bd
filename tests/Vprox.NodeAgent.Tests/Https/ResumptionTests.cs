using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Https;

/// <summary>What a client that has been here before is spared: the server's certificate and signature, by a ticket of TLS 1.3 (RFC 8446, section 2.2).</summary>
public sealed class ResumptionTests : IAsyncLifetime
{
    // .NET offers a ticket only where it knows the server by a name; the server does not look at it.
    private readonly string _name = $"{Guid.NewGuid():N}.test";
    private readonly StateDirectory _directory = new();
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync(_directory.Path);
        await _node.ServeAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_servers_key_is_ECDSA_over_P256_and_it_speaks_TLS_1_3()
    {
        var seen = await VisitAsync();
        Assert.Equal((SslProtocols.Tls13, "1.2.840.10045.3.1.7"), (seen.Protocol, seen.Curve));
    }

    [Fact]
    public async Task A_client_that_comes_again_resumes_its_session()
    {
        var first = await VisitAsync();
        var second = await VisitAsync();
        AssertResumed(first, second);
    }

    [Fact]
    public async Task It_resumes_after_a_snapshot_that_named_another_peer_of_the_address()
    {
        var first = await VisitAsync();
        var rounds = _node.Kernel.Applied.Count;
        _node.Intake.Take(_node.Placed(0, 1, Some.Peer(0, 0, Some.Key(1))), confirmed: true);
        await Eventually.TrueAsync(() => _node.Kernel.Applied.Skip(rounds).Any(desired => desired.Addresses is [{ Peers.Count: 1 }]), "a round with the peer");
        _node.Signals.Reconcile.Raise();
        rounds = _node.Kernel.Applied.Count;
        await Eventually.TrueAsync(() => _node.Kernel.Applied.Count > rounds, "what that round brought is served");

        AssertResumed(first, await VisitAsync());
    }

    // A certificate of P-256 and a signature by it take some 600 bytes; a resumed handshake has neither.
    private static void AssertResumed(Visit first, Visit second) => Assert.True(
        second.HandshakeBytes < first.HandshakeBytes - 400, $"the first handshake took {first.HandshakeBytes} bytes of the server's, the second {second.HandshakeBytes}");

    private async Task<Visit> VisitAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(TestNode.PrivateAddress(0), _node.Port);
        var counted = new CountingStream(new NetworkStream(socket));
        var curve = "";
        await using var tls = new SslStream(counted);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = _name,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                using var key = ((X509Certificate2)certificate!).GetECDsaPublicKey();
                curve = key?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value ?? "none";
                return Some.Identity.TlsPin.Matches(certificate);
            },
        });
        var handshake = counted.BytesRead;
        // The tickets come after the handshake, before the first answer.
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(tls);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        return new Visit(tls.SslProtocol, curve, handshake);
    }

    private sealed record Visit(SslProtocols Protocol, string Curve, long HandshakeBytes);

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
