using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;

namespace Vprox.Bus.Tests.Hosting;

public sealed class HostTests
{
    private sealed class Options : IValidatedOptions
    {
        public int Port { get; set; } = 443;

        public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

        public string[] Subnets { get; set; } = [];

        public List<Inner> Regions { get; set; } = [];

        public IEnumerable<string> Errors()
        {
            if (Port is < 1 or > 65535) yield return $"Port: {Port} is no port";
            if (Regions.Any(region => region.Name.Length == 0)) yield return "Regions: a region has no name";
        }
    }

    private sealed class Inner
    {
        public string Name { get; set; } = "";
    }

    [Fact]
    public async Task All_errors_of_all_sections_are_told_at_once()
    {
        string[] args =
        [
            "--One:Prot=1", "--One:Interval=soon", "--One:Regions:0:Nmae=x", "--Two:Port=many", "--Two:Interval=soon", "--Three:Port=99999", "--Three:Regions:0:Name=",
            "--Bus:Uri=amqp:nothing", "--Health:Url=https://example.org",
        ];

        var refused = await Assert.ThrowsAsync<InvalidOptionsException>(() => VproxHost.BuildAsync("test", args, builder =>
        {
            foreach (var section in (string[])["One", "Two", "Three"]) builder.AddValidatedOptions<Options>(section);
            builder.AddVproxBus(_ => { });
            throw new InvalidOperationException("stumbled over the wrong options");
        }));

        Assert.Equal(
            ["Bus:Uri", "Health:Url", "One:Interval", "One:Prot", "One:Regions:0:Nmae", "Three:Port", "Three:Regions", "Two:Interval", "Two:Port"],
            refused.Errors.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_while_it_starts_stops_what_had_begun()
    {
        var begun = new Begun();

        var code = await VproxHost.RunAsync("test", [], builder => builder.Services
            .AddSingleton<IHostedService>(begun)
            .AddSingleton<IHostedService, StopsAtStart>()
            .AddSingleton<IHostedService, NeverStarts>()).WaitAsync(Eventually.Deadline);

        Assert.Equal(0, code);
        Assert.True(begun.HasEnded);
    }

    private sealed class Begun : IHostedService
    {
        public bool HasEnded { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            HasEnded = true;
            return Task.CompletedTask;
        }
    }

    private sealed class StopsAtStart(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NeverStarts : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Fact]
    public async Task Options_are_read_with_lists_and_durations()
    {
        Options? options = null;
        await using var app = await VproxHost.BuildAsync(
            "test", ["--One:Port=1", "--One:Interval=00:00:00.250", "--One:Subnets:0=a", "--One:Subnets:1=b", "--One:Regions:0:Name=r"],
            builder => options = builder.AddValidatedOptions<Options>("One"));

        Assert.Equal((1, TimeSpan.FromMilliseconds(250), "r"), (options!.Port, options.Interval, options.Regions.Single().Name));
        Assert.Equal(["a", "b"], options.Subnets);
        Assert.Same(options, app.Services.GetRequiredService<Options>());
    }

    [Fact]
    public async Task A_wrong_configuration_ends_with_1_and_no_stack_trace()
    {
        Assert.Equal(1, await VproxHost.RunAsync("test", ["--Bus:Uri=x"], builder => builder.AddVproxBus(_ => { })));
    }

    [Fact]
    public async Task Health_answers_on_its_own_listener_only()
    {
        await using var app = await VproxHost.BuildAsync(
            "test",
            ["--Health:Url=http://127.0.0.1:0"],
            builder => builder.Listen(kestrel => kestrel.Listen(IPAddress.Loopback, 0)),
            app => app.MapGet("/version", () => "1"));
        await app.StartAsync();
        var urls = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        using var http = new HttpClient();

        async Task<HttpStatusCode> Get(int listener, string path)
        {
            using var answer = await http.GetAsync(new Uri(urls[listener] + path));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Get(0, "/healthz/live"));
        Assert.Equal(HttpStatusCode.OK, await Get(0, "/healthz/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await Get(0, "/version"));
        Assert.Equal(HttpStatusCode.NotFound, await Get(1, "/healthz/live"));
        Assert.Equal(HttpStatusCode.OK, await Get(1, "/version"));
        await app.StopAsync();
    }
}
