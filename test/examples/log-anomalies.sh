imesde new --baseline app.log.1 --sort score -m 5 app.log
