# The portal as a PSGI application, with what Debian's nginx configuration adds: static files, JavaScript libraries.
use strict;
use warnings;
use Plack::Builder;
use Lemonldap::NG::Portal::Main;

my $portal = Lemonldap::NG::Portal::Main->run( {} );

builder {
    # The portal puts a dot before its domain; a browser takes no such cookie from an address. And it remembers the
    # authorization request after that is answered, and would go there after a logout.
    enable sub {
        my $app = shift;
        return sub {
            my $env = shift;
            $env->{HTTP_COOKIE} =~ s/\blemonldappdata=[^;]*;?\s*//
                if $env->{HTTP_COOKIE}
                && ( $env->{PATH_INFO} eq '/oauth2/logout' || $env->{QUERY_STRING} eq 'logout=1' );
            my $response = $app->($env);
            s/;\s*domain=[^;]*//i for @{ $response->[1] };
            return $response;
        };
    };
    mount '/static' => builder {
        enable 'Static', path => sub { 1 }, root => '/usr/share/lemonldap-ng/portal/htdocs/static';
        sub { [ 404, [], [] ] };
    };
    mount '/javascript' => builder {
        enable 'Static', path => sub { 1 }, root => '/usr/share/javascript';
        sub { [ 404, [], [] ] };
    };
    mount '/' => $portal;
};
